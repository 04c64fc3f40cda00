-- claim: The model that the unit tells the network is the model of the dossier, letter by letter.
-- remedy: Let ONVIF, UPnP and DNS service discovery tell the model designation that stands on the label and in the dossier, or list the name they tell as an alias of the product.
-- source: EN 303 645 provision 5.3-16; TS 103 701 test case 5.3-16-2
-- needs: disclosure of unit from onvif, upnp, mdns
-- needs: identity of dossier from dossier
-- power: refutes
WITH dossier AS (
	SELECT EXISTS (SELECT looked.fact FROM looked WHERE looked.kind = 'identity' AND looked.complete = 1)
	   AND NOT EXISTS (SELECT identity.fact FROM identity
	                   WHERE identity.name IS NULL OR (identity.value IS NULL AND identity.name IN ('model', 'alias'))) AS is_clear),
-- another name is a question: the label may be the declared way
judged AS (
	SELECT disclosure.fact, disclosure.subject, disclosure.state,
	       iif(is_clear = 1 AND disclosure.type IS NOT NULL AND disclosure.protocol IS NOT NULL
	           AND EXISTS (SELECT identity.fact FROM identity
	                       WHERE identity.name IN ('model', 'alias') AND identity.value = disclosure.value),
	           'pass', 'inconclusive') AS verdict,
	       printf('%s on port %s: "%s"', coalesce(disclosure.protocol, 'something'), coalesce(disclosure.port, '?'),
	              coalesce(disclosure.value, '?')) AS detail
	FROM disclosure
	JOIN dossier
	WHERE coalesce(disclosure.type, 'model') = 'model'
	  AND coalesce(disclosure.protocol, 'onvif') IN ('onvif', 'ws-discovery', 'upnp', 'mdns'))
SELECT fact, verdict, detail FROM judged
UNION ALL
SELECT looked.fact, iif(complete = 1, 'pass', 'inconclusive'),
       printf('the probe %s looked for a name of the model, found no other', from_source)
FROM looked
WHERE kind = 'disclosure' AND from_source IN ('onvif', 'upnp', 'mdns')
  AND NOT EXISTS (SELECT judged.fact FROM judged
                  WHERE judged.subject IS looked.subject AND judged.verdict <> 'pass'
                    AND coalesce(judged.state, looked.state) IS coalesce(looked.state, judged.state));
