-- claim: What the image says is good.
-- remedy: Say something else.
-- source: the test of the algebra
-- needs: setting of image from settings
-- power: decides
SELECT fact, 'pass' AS verdict, name AS detail FROM setting;
