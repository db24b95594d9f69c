"""What a client's people may read and write of the pulse, comments, follow-ups and agreements, behind the wall.

A sheet is its person's alone: nobody else of the client sees it. Of answers nothing is read back; they are added in
one's own name. Names are written beside what people write, so that the portal needs no right on the agency's people.
"""

from typing import ClassVar

from django.db import migrations, models

SIGNED = (
    ("comment", "signature", "signed", {}),
    ("followup", "asked_as", "asked by the name of", {}),
    ("followup", "answered_as", "answered by the name of", {"blank": True, "default": "", "db_default": ""}),
    ("pulserequest", "asked_as", "asked by the name of", {}),
)
_ANSWERS = (
    "commitment, approach, action, loyalty, trust, ownership, value, involvement, communication, collaboration, "
    "reduces_risk, improves_decisions, supports_direction, comment, confidential"
)

PORTAL = f"""
-- The quarter in progress is told by these.
GRANT SELECT (name, effective_on, value) ON accounts_setting TO soundings_portal;

GRANT SELECT (id, client_id, side, person_id, starts_on, answer_by, language, asked_as, asked_at)
    ON accounts_pulserequest TO soundings_portal;
CREATE POLICY portal_reads ON accounts_pulserequest FOR SELECT TO soundings_portal
    USING (client_id = portal_client() AND person_id = portal_person());

GRANT SELECT (id, client_id, side, person_id, starts_on, {_ANSWERS}, sent_on),
    INSERT (client_id, side, person_id, starts_on, {_ANSWERS}, sent_on),
    UPDATE ({_ANSWERS}, sent_on)
    ON accounts_pulsesheet TO soundings_portal;
CREATE POLICY portal_reads ON accounts_pulsesheet FOR SELECT TO soundings_portal
    USING (client_id = portal_client() AND person_id = portal_person());
CREATE POLICY portal_adds ON accounts_pulsesheet FOR INSERT TO soundings_portal
    WITH CHECK (client_id = portal_client() AND person_id = portal_person() AND side = 'client');
CREATE POLICY portal_changes ON accounts_pulsesheet FOR UPDATE TO soundings_portal
    USING (client_id = portal_client() AND person_id = portal_person())
    WITH CHECK (client_id = portal_client() AND person_id = portal_person());

GRANT SELECT (id), INSERT (external_id, client_id, side, respondent, answered_on, {_ANSWERS})
    ON accounts_pulse TO soundings_portal;
CREATE POLICY portal_reads ON accounts_pulse FOR SELECT TO soundings_portal
    USING (
        client_id = portal_client()
        AND side = 'client'
        AND respondent = (SELECT email FROM accounts_person WHERE accounts_person.id = portal_person())
    );
CREATE POLICY portal_adds ON accounts_pulse FOR INSERT TO soundings_portal
    WITH CHECK (
        client_id = portal_client()
        AND side = 'client'
        AND respondent = (SELECT email FROM accounts_person WHERE accounts_person.id = portal_person())
    );

GRANT SELECT (id, external_id, client_id, side, goal_id, recommendation_id, kpi_id, replies_to_id, written_by_id,
        signature, written_at, body),
    INSERT (external_id, client_id, side, goal_id, recommendation_id, kpi_id, replies_to_id, written_by_id,
        signature, written_at, body)
    ON accounts_comment TO soundings_portal;
CREATE POLICY portal_reads ON accounts_comment FOR SELECT TO soundings_portal
    USING (client_id = portal_client());
CREATE POLICY portal_adds ON accounts_comment FOR INSERT TO soundings_portal
    WITH CHECK (client_id = portal_client() AND written_by_id = portal_person() AND side = 'client');

GRANT SELECT (id, external_id, client_id, subject, asked_by_id, asked_as, asked_at, answer, answered_as, answered_at),
    INSERT (external_id, client_id, subject, asked_by_id, asked_as, asked_at, answer, answered_by_id, answered_as,
        answered_at)
    ON accounts_followup TO soundings_portal;
CREATE POLICY portal_reads ON accounts_followup FOR SELECT TO soundings_portal
    USING (client_id = portal_client());
CREATE POLICY portal_adds ON accounts_followup FOR INSERT TO soundings_portal
    WITH CHECK (client_id = portal_client() AND asked_by_id = portal_person() AND answered_at IS NULL);

GRANT SELECT (id, client_id, goal_id, agreed_by_id, agreed_on, agreed_at),
    INSERT (client_id, goal_id, agreed_by_id, agreed_on, agreed_at)
    ON accounts_goalagreement TO soundings_portal;
CREATE POLICY portal_reads ON accounts_goalagreement FOR SELECT TO soundings_portal
    USING (client_id = portal_client());
CREATE POLICY portal_adds ON accounts_goalagreement FOR INSERT TO soundings_portal
    WITH CHECK (client_id = portal_client() AND agreed_by_id = portal_person());
"""  # noqa: S608 -- names of columns, from above
_TABLES = ("pulserequest", "pulsesheet", "pulse", "comment", "followup", "goalagreement")
PORTAL_BACK = "".join(
    [
        "REVOKE ALL ON accounts_setting FROM soundings_portal;",
        *(f"DROP POLICY portal_reads ON accounts_{table};" for table in _TABLES),
        *(f"DROP POLICY portal_adds ON accounts_{table};" for table in _TABLES if table != "pulserequest"),
        "DROP POLICY portal_changes ON accounts_pulsesheet;",
        *(f"REVOKE ALL ON accounts_{table} FROM soundings_portal;" for table in _TABLES),
    ]
)

# The goal's day follows only where the client is shown the goal: nobody agrees to what they can't see.
AGREEMENT = """
CREATE OR REPLACE FUNCTION accounts_goal_is_agreed() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM accounts_goal goal
        JOIN accounts_sharedsection section ON section.client_id = goal.client_id AND section.section = 'goals'
        WHERE goal.id = NEW.goal_id AND goal.client_id = NEW.client_id AND goal.shared
    ) THEN
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation',
            TABLE = TG_TABLE_NAME,
            CONSTRAINT = 'goal_agreement_of_a_shown_goal',
            MESSAGE = 'A client agrees to the goals that it is shown.';
    END IF;
    UPDATE accounts_goal SET agreed_on = NEW.agreed_on WHERE id = NEW.goal_id AND agreed_on IS NULL;
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    """Names beside what people write, and the portal's rights."""

    dependencies: ClassVar = [("accounts", "0013_wall")]

    operations: ClassVar = [
        *(
            migrations.AddField(
                model,
                name,
                models.CharField(**{"max_length": 300, "verbose_name": words, "default": "", **options}),
                preserve_default="default" in options,
            )
            for model, name, words, options in SIGNED
        ),
        migrations.RunSQL(PORTAL, PORTAL_BACK),
        migrations.RunSQL(AGREEMENT, migrations.RunSQL.noop),
    ]
