-- claim: The SSH server of the product notices messages cut off the start of a connection (Terrapin).
-- remedy: Update the SSH server to a version with strict key exchange (OpenSSH 9.6, Dropbear 2024.84 or later), or turn chacha20-poly1305 and the encrypt-then-MAC modes of CBC ciphers off.
-- source: CVE-2023-48795; OpenSSH PROTOCOL section 1.10; data/ssh_terrapin.tsv
-- needs: ssh_offer of unit from ssh
-- power: refutes
WITH exposed AS (
	SELECT offer.fact, offer.subject, offer.address, offer.port, offer.state, offer.name, known.with_etm
	FROM ssh_offer AS offer
	LEFT JOIN reference_ssh_terrapin AS known ON known.name = offer.name
	WHERE coalesce(offer.class, 'cipher') = 'cipher' AND (known.name IS NOT NULL OR offer.name IS NULL)),
etm AS (
	SELECT subject, port
	FROM ssh_offer
	WHERE coalesce(class, 'mac') = 'mac' AND coalesce(name, '-etm@openssh.com') LIKE '%-etm@openssh.com'),
strict AS (
	SELECT subject, address, port, state
	FROM ssh_offer
	WHERE class = 'kex' AND name = 'kex-strict-s-v00@openssh.com'),
judged AS (
	-- what it takes is an attacker in the middle and a client that does not insist: a question, not a fail
	SELECT fact, subject,
	       iif(name IS NOT NULL
	           AND EXISTS (SELECT strict.subject FROM strict
	                       WHERE strict.subject = exposed.subject AND strict.address = exposed.address
	                         AND strict.port = exposed.port AND strict.state = exposed.state),
	           'pass', 'inconclusive') AS verdict,
	       printf('port %s offers %s', coalesce(port, '?'), coalesce(name, 'a cipher without name')) AS detail
	FROM exposed
	WHERE with_etm IS NOT 1
	   OR EXISTS (SELECT etm.subject FROM etm
	              WHERE etm.subject = exposed.subject AND coalesce(etm.port = exposed.port, 1)))
SELECT fact, verdict, detail FROM judged
UNION ALL
SELECT looked.fact, iif(complete = 1, 'pass', 'inconclusive'), 'looked for ciphers open to Terrapin, found none'
FROM looked
WHERE kind = 'ssh_offer' AND from_source = 'ssh'
  AND NOT EXISTS (SELECT judged.fact FROM judged WHERE judged.subject = looked.subject);
