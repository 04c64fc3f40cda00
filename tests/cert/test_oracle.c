/*
 * What we sign, OpenSSL's own command must accept, and refuse once altered:
 * tests/oracles/cert.sh is handed a folder of fresh files.
 */
#include "tests/support/pki.h"
#include "tests/support/support.h"

#include <spawn.h>
#include <string.h>
#include <sys/wait.h>

#include "base/file.h"

extern char **environ;

static void
put(struct pki *pki, const char *name, struct span bytes)
{
	assert_ok(pki->job,
	    file_write(pki->job, file_path_join(pki->job, pki->folder, name), bytes, 0644));
}

static void
openssl_accepts_what_we_sign(void **state)
{
	struct pki *pki = pki_new();
	char number[NUMBER_SIZE];
	struct certificate claims = pki_claims(pki);
	struct trust trust = pki_trust(pki);
	struct registry *registry;
	struct span bundle, xml, pem, detached;
	char script[] = "tests/oracles/cert.sh";
	char *arguments[] = {script, pki->folder, NULL};
	int ended;
	pid_t child;

	put(pki, "bare.p7m", pki_sign(pki, &claims));
	put(pki, "registered.p7m", pki_register(pki, "a", PKI_NOW, number));
	put(pki, "trust.p7m", trust.signed_list);
	assert_ok(pki->job, registry_open(pki->job, pki->registry, true, &registry));
	assert_ok(pki->job, registry_bundle(pki->job, registry, PKI_NOW, &bundle));
	registry_close(registry);
	put(pki, "bundle.p7m", bundle);
	assert_ok(pki->job, certificate_write(pki->job, &claims, &xml));
	put(pki, "content.xml", xml);
	assert_ok(pki->job,
	    signature_make(pki->job, pki->body_key, &pki->body, xml, true, PKI_NOW, &detached));
	put(pki, "detached.p7s", detached);
	assert_ok(pki->job, identity_to_pem(pki->job, trust.root.der, &pem));
	put(pki, "root.pem", pem);
	assert_ok(pki->job, identity_to_pem(pki->job, pki->body.der, &pem));
	put(pki, "body.pem", pem);
	assert_ok(pki->job, key_write_new(pki->job, pki->body_key,
				file_path_join(pki->job, pki->folder, "body.key")));
	assert_int_equal(posix_spawn(&child, script, NULL, NULL, arguments, environ), 0);
	assert_int_equal(waitpid(child, &ended, 0), child);
	assert_true(WIFEXITED(ended));
	assert_int_equal(WEXITSTATUS(ended), 0);
	pki_free(pki);
	(void)state;
}

/* And the other way round: CMS by openssl cms -sign, in our form or not. */
static void
we_accept_what_openssl_signs_in_our_form(void **state)
{
	struct pki *pki = pki_new();
	struct span file;
	struct signature signature;
	const struct identity *signer;
	char script[] = "tests/oracles/cert.sh", sign[] = "--sign";
	char *arguments[] = {script, pki->folder, sign, NULL};
	struct certificate claims = pki_claims(pki);
	struct span xml, pem;
	int ended;
	pid_t child;

	assert_ok(pki->job, certificate_write(pki->job, &claims, &xml));
	put(pki, "content.xml", xml);
	assert_ok(pki->job, identity_to_pem(pki->job, pki->body.der, &pem));
	put(pki, "body.pem", pem);
	assert_ok(pki->job, key_write_new(pki->job, pki->body_key,
				file_path_join(pki->job, pki->folder, "body.key")));
	assert_int_equal(posix_spawn(&child, script, NULL, NULL, arguments, environ), 0);
	assert_int_equal(waitpid(child, &ended, 0), child);
	assert_true(WIFEXITED(ended) && WEXITSTATUS(ended) == 0);
	assert_ok(pki->job, file_read(pki->job, file_path_join(pki->job, pki->folder, "cades.p7m"),
				1 << 20, &file));
	assert_ok(pki->job, signature_read(pki->job, file, (struct span){0}, &signature));
	assert_true(span_equal(signature.content, xml));
	assert_int_equal(signature_check(pki->job, NULL, &signature, &signer),
	    signature.signed_at < pki->body.not_before ? STATUS_REFUSED : STATUS_OK);
	/* without signing-certificate-v2 it is not ours */
	assert_ok(pki->job, file_read(pki->job, file_path_join(pki->job, pki->folder, "plain.p7m"),
				1 << 20, &file));
	assert_int_equal(
	    signature_read(pki->job, file, (struct span){0}, &signature), STATUS_MALFORMED);
	pki_free(pki);
	(void)state;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(openssl_accepts_what_we_sign),
	    cmocka_unit_test(we_accept_what_openssl_signs_in_our_form),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
