/* Every field a report shows is set here by hand, so that a report is tested without an evaluator.
 */
#include "tests/support/sample_assessment.h"

#include <string.h>

#include "assess/catalogue.h"
#include "assess/report_text.h"

#define RULE(case_id, case_kind, english, vietnamese)                                              \
	{                                                                                          \
		.id = "xccdf_org.example_rule_" case_id, .test_case = case_id, .kind = case_kind,  \
		.reach = "any", .purpose = {english, vietnamese},                                  \
	}

static const struct profile_rule password_rules[] = {
    RULE("5.1-1-1", CASE_CONCEPTUAL,
	"Judge whether passwords that users do not choose come out different on every unit by "
	"design.",
	"Đánh giá mật khẩu không do người dùng đặt có được sinh riêng cho từng thiết bị không."),
    RULE("5.1-1-2", CASE_FUNCTIONAL,
	"Search the unit for undeclared password log-ins and see that user-set passwords are "
	"forced.",
	"Dò cách đăng nhập bằng mật khẩu chưa khai; xem có buộc đặt mật khẩu không."),
};
static const struct profile_rule channel_rules[] = {
    RULE("5.5-1-2", CASE_FUNCTIONAL, "See that the unit speaks only strong cryptography.",
	"Xem thiết bị có chỉ dùng mật mã mạnh không."),
};
static const struct profile_rule update_rules[] = {
    RULE("5.3-2-2", CASE_FUNCTIONAL, "Offer the unit altered and older updates.",
	"Đưa bản cập nhật bị sửa và bản cũ vào thiết bị."),
};
static const struct profile_rule review_rules[] = {
    RULE("5.5-2-1", CASE_BOTH, "Read how the cryptographic libraries were reviewed.",
	"Đọc cách các thư viện mật mã được đánh giá."),
};

#define REQUIREMENT(row, clause, english, vietnamese, heading, heading_vi, must, own, of)          \
	{                                                                                          \
		.id = row, .provision = clause, .title = {english, vietnamese},                    \
		.group = {heading, heading_vi}, .mandatory = must, .project_row = own,             \
		.condition = "", .rules = of, .rule_count = ARRAY_SIZE(of),                        \
	}

static const struct profile_requirement requirements[] = {
    REQUIREMENT("VN135-01.1", "5.1-1",
	"Every camera password, outside the factory-default state, is unique to the unit or set by "
	"the user.",
	"Ngoài trạng thái xuất xưởng, mọi mật khẩu phải riêng từng máy hoặc do người dùng đặt.",
	"Unique password set-up", "Khởi tạo mật khẩu duy nhất", true, false, password_rules),
    REQUIREMENT("VN135-05.1", "5.5-1", "Channels use secure cryptography suited to their purpose.",
	"Các kênh truyền dùng mật mã an toàn, phù hợp mục đích.", "Secure communication",
	"Kênh giao tiếp an toàn", true, false, channel_rules),
    REQUIREMENT("VN135-03.1", "5.3-2", "The camera has a secure way to install updates.",
	"Camera có cơ chế cài bản cập nhật an toàn.", "Update management", "Quản lý cập nhật", true,
	false, update_rules),
    REQUIREMENT("VN135-05.2", "5.5-2", "Implementations of cryptography are reviewed.",
	"Các cài đặt mật mã đã được đánh giá.", "Secure communication", "Kênh giao tiếp an toàn",
	false, false, review_rules),
};

static const struct profile profile = {
    .id = "qcvn-11-2026",
    .title = {"QCVN 11:2026/BCA: basic cyber-security requirements for IP surveillance cameras (a "
	      "reading)",
	"QCVN 11:2026/BCA: yêu cầu an ninh mạng cơ bản cho camera giám sát IP (bản đọc của dự án)"},
    .regulation = "QCVN 11:2026/BCA",
    .status = "reading",
    .digest = {{0x1a, 0x2b}},
    .requirements = requirements,
    .requirement_count = ARRAY_SIZE(requirements),
};

static struct finding conceptual_findings[] = {
    {.id = "01f0a7c94be2d310",
	.procedure = "5.1-1-1",
	.verdict = VERDICT_PASS,
	.fact = 811,
	.place = "answer of the tester",
	.detail = "Generator described in IXIT 1-AuthMech"},
};
static struct finding password_findings[] = {
    {.id = "8c1d55e2f7a90b34",
	.check = "passwords/no_default_password_opens_a_login",
	.verdict = VERDICT_FAIL,
	.fact = 412,
	.place = "A 192.0.2.1:23",
	.detail = "telnet: root / " SAMPLE_SECRET},
    {.id = "2be07d9914c3f5a8",
	.check = "passwords/no_default_password_opens_a_login",
	.verdict = VERDICT_FAIL,
	.fact = 415,
	.place = "A 192.0.2.1:80",
	.detail = "http: admin / 12345 " SAMPLE_SCRIPT},
    {.id = "f00dfacecafe0001",
	.check = "passwords/no_enabled_account_hash_in_image",
	.verdict = VERDICT_FAIL,
	.fact = 97,
	.place = SAMPLE_FILE ": 0.uimage/40.squashfs/etc/\xff\xfeshadow",
	.path = "0.uimage/40.squashfs/etc/\xff\xfeshadow",
	.offset = 31,
	.excerpt = SAMPLE_EXCERPT,
	.detail = "root md5crypt"},
    {.id = "f00dfacecafe0003",
	.check = "passwords/no_enabled_account_hash_in_image",
	.verdict = VERDICT_FAIL,
	.explanation = EXPLAINED,
	.explained_by = SAMPLE_SUPPLIER,
	.explanation_reason = SAMPLE_REASON,
	.explained_at = 1783900000,
	.fact = 99,
	.place = SAMPLE_FILE ": 0.uimage/40.squashfs/etc/shadow at 0x3b",
	.path = "0.uimage/40.squashfs/etc/shadow",
	.offset = 0x3b,
	.excerpt = "admin:ab…:\x1b[31m" SAMPLE_SCRIPT,
	.detail = "admin des"},
    {.id = "f00dfacecafe0002",
	.check = "passwords/no_enabled_account_hash_in_image",
	.verdict = VERDICT_FAIL,
	.corrected = true,
	.closed_by = "two people of the laboratory",
	.fact = 98,
	.place = SAMPLE_FILE ": 0.uimage/40.squashfs/etc/passwd-",
	.detail = "backup of an earlier build"},
    {.id = "aa00bb11cc22dd33",
	.check = "passwords/guessing_is_slowed",
	.verdict = VERDICT_INCONCLUSIVE,
	.closed = true,
	.closed_by = SAMPLE_TESTER,
	.fact = 433,
	.place = "B 192.0.2.2:443",
	.detail = "no second source address"},
    {.id = "aa00bb11cc22dd34",
	.procedure = "5.1-1-2",
	.verdict = VERDICT_FAIL,
	.fact = 820,
	.place = "answer of the tester",
	.detail = "The set-up page can be left without a password."},
};
static struct finding channel_findings[] = {
    {.id = "77aa00000000beef",
	.check = "crypto/tls_version_minimum",
	.verdict = VERDICT_PASS,
	.fact = 501,
	.place = "A 192.0.2.1:443",
	.detail = "TLSv1.2 TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"},
    {.id = "77aa00000000bef0",
	.check = "crypto/tls_version_minimum",
	.verdict = VERDICT_INCONCLUSIVE,
	.fact = 502,
	.place = "A 192.0.2.1:8443",
	.detail = "\xe2\x80\xae"
		  "reversed\x1b[31m red 摄像机监控系统"},
};

static struct rule_result password_results[] = {
    {.rule = &password_rules[0],
	.verdict = VERDICT_PASS,
	.decided_by = DECIDED_BY_PERSON,
	.findings = conceptual_findings,
	.finding_count = ARRAY_SIZE(conceptual_findings)},
    {.rule = &password_rules[1],
	.verdict = VERDICT_FAIL,
	.decided_by = DECIDED_BY_BOTH,
	.findings = password_findings,
	.finding_count = ARRAY_SIZE(password_findings)},
};
static struct rule_result channel_results[] = {
    {.rule = &channel_rules[0],
	.verdict = VERDICT_INCONCLUSIVE,
	.decided_by = DECIDED_BY_NOBODY,
	.reason = "no deciding result yet",
	.findings = channel_findings,
	.finding_count = ARRAY_SIZE(channel_findings)},
};
static struct rule_result update_results[] = {
    {.rule = &update_rules[0], .verdict = VERDICT_PASS, .decided_by = DECIDED_BY_MACHINE},
};
static struct rule_result review_results[] = {
    {.rule = &review_rules[0], .verdict = VERDICT_NOT_APPLICABLE, .decided_by = DECIDED_BY_PERSON},
};

static struct requirement_result results[] = {
    {&requirements[0], VERDICT_FAIL, password_results, ARRAY_SIZE(password_results)},
    {&requirements[1], VERDICT_INCONCLUSIVE, channel_results, ARRAY_SIZE(channel_results)},
    {&requirements[2], VERDICT_PASS, update_results, ARRAY_SIZE(update_results)},
    {&requirements[3], VERDICT_NOT_APPLICABLE, review_results, ARRAY_SIZE(review_results)},
};

static struct check checks[] = {
    {.name = "crypto/tls_version_minimum",
	.claim = "not asked for",
	.remedy = "not asked for",
	.source = "not asked for"},
    {.name = "passwords/no_default_password_opens_a_login",
	.claim = "No default or widely known password opens a log-in of the unit.",
	.remedy = "Ship each unit with a password of its own, or make the user set one before "
		  "anything else "
		  "works; remove built-in accounts with fixed passwords.",
	.source = "EN 303 645 provision 5.1-1; TS 103 701 test case 5.1-1-2"},
    {.name = "passwords/no_enabled_account_hash_in_image",
	.claim = "The firmware image holds no password hash of an account that can log in.",
	.remedy = "Lock the account in the image and set its password on each unit, in the factory "
		  "or by the "
		  "user at first start. If it is replaced already, say so in table 10-SecParam: "
		  "the file in "
		  "\"storage\" and how in \"provisioning\".",
	.source = "EN 303 645 provisions 5.1-1 and 5.4-3"},
};
static const struct catalogue catalogue = {.checks = checks, .count = ARRAY_SIZE(checks)};

const struct assessment *
sample_assessment(void)
{
	static struct fact subjects[3];
	static struct assessment assessment;

	for (size_t i = 0; i < ARRAY_SIZE(subjects); i++) {
		subjects[i] = fact_new(FACT_subject);
		subjects[i].fact = subjects[i].subject = (int64_t)i + 1;
		subjects[i].as.subject.under_test = 1;
		subjects[i].as.subject.brand = "Sao Mai & Co";
		subjects[i].as.subject.model = "SM-200";
		subjects[i].as.subject.firmware_version = "1.4.2";
	}
	subjects[0].as.subject.type = "dossier";
	subjects[1].as.subject.type = "image";
	subjects[1].as.subject.name = SAMPLE_FILE;
	subjects[1].as.subject.sha256 =
	    "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
	subjects[1].as.subject.bytes = 8388608;
	subjects[2].as.subject.type = "unit";
	subjects[2].as.subject.name = "A";
	subjects[2].as.subject.hardware = "rev C";
	subjects[2].as.subject.serial = SAMPLE_SERIAL;
	assessment = (struct assessment){
	    .profile = &profile,
	    .catalogue = &catalogue,
	    .overall = VERDICT_FAIL,
	    .trial = true,
	    .requirements = results,
	    .requirement_count = ARRAY_SIZE(results),
	    .evidence = {{0xe1}},
	    .catalogue_digest = {{0xca}},
	    .reference = {{0x4e}},
	    .vulnerability = {{0x70}},
	    .now = 1784000000,
	    .program_version = "0.1.0",
	    .subjects = subjects,
	    .subject_count = ARRAY_SIZE(subjects),
	    .correction_count = 1,
	    .explained = {.open = 1},
	    .rules_decided = {.machine = 1, .person = 2, .both = 1, .nobody = 1},
	};
	return &assessment;
}

struct report_options
sample_options(int language, bool is_public)
{
	return (struct report_options){
	    .language = language,
	    .is_public = is_public,
	    .case_name = "sm200.hopquy",
	    .signatures = {{"tester", SAMPLE_TESTER, "Trung tâm Kiểm định A", 1784003600},
		{"reviewer", "Trần Văn Bình", "Trung tâm Kiểm định A", 1784007200},
		{"decision", "Lê Minh Châu", "Tổ chức chứng nhận B", 1784090000}},
	    .signature_count = 3,
	    .laboratory = "Trung tâm Kiểm định A",
	    .customer = "Công ty Sao Mai",
	    .received = 1783000000,
	};
}

size_t
sample_widest_line(const char *lines)
{
	size_t widest = 0, width = 0;

	while (*lines) {
		int32_t character = report_next_character(&lines);

		if (character == '\033')
			lines += strcspn(lines, "m") + 1;
		else if (character == '\n')
			width = 0;
		else
			width += character >= 0x2e80 ? 2 : 1;
		widest = width > widest ? width : widest;
	}
	return widest;
}
