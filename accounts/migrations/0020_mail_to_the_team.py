"""What a client's person does is written of to the account's team in the same transaction: the database addresses it.

The portal has no right to read who is on the team, unless people are shown, nor to ask who of them leads. It posts one
mail to nobody; in its place comes a mail to each who leads the account, or else to each on its team. Whose account is
said by the transaction alone, whatever the mail says.
"""

from typing import ClassVar

from django.db import migrations

ADDRESSES = """
CREATE FUNCTION accounts_mail_is_addressed() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    WITH team AS (
        SELECT person.id, person.email, member.role = 'lead' AS leads
        FROM accounts_teammember AS member
        JOIN accounts_person AS person ON person.id = member.person_id
        WHERE member.client_id = portal_client() AND member.ended_on IS NULL AND person.is_active AND person.email <> ''
    )
    INSERT INTO accounts_mail (key, kind, "to", language, subject, text, html, secret, client_id, good_until)
    SELECT DISTINCT
        NEW.key || ':' || team.id, NEW.kind, team.email, NEW.language, NEW.subject, NEW.text, NEW.html, false,
        portal_client(), NEW.good_until
    FROM team
    WHERE team.leads OR NOT EXISTS (SELECT FROM team AS one WHERE one.leads)
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION accounts_mail_is_addressed() FROM PUBLIC;

CREATE TRIGGER mail_is_addressed BEFORE INSERT ON accounts_mail
    FOR EACH ROW WHEN (NEW."to" = '') EXECUTE FUNCTION accounts_mail_is_addressed();
ALTER TABLE accounts_mail ENABLE ALWAYS TRIGGER mail_is_addressed;
"""
ADDRESSES_BACK = """
DROP TRIGGER mail_is_addressed ON accounts_mail;
DROP FUNCTION accounts_mail_is_addressed();
"""


class Migration(migrations.Migration):
    """A trigger that writes what the portal can't."""

    dependencies: ClassVar = [("accounts", "0019_own_answers")]

    operations: ClassVar = [migrations.RunSQL(ADDRESSES, ADDRESSES_BACK)]
