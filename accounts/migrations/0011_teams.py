"""Teams, invitations, the agency itself, and what of a person has to do with signing in.

Whoever leads an account is both its client's account manager and the lead of its team. Two triggers keep them
alike, whichever is written, by a form, by the importer or by hand:

- where a client gets another account manager, the lead's spell ends and another begins, on the day that the
  transaction names (`SET LOCAL soundings.on`), else today; a spell that would have begun and ended on one day is
  none and goes. The first lead a client is recorded with has no start: since when was never said;
- where the lead in the team is written, the client's account manager follows.

Each leaves alone what the other has begun. Whether a person has a second factor follows the authenticators that
allauth keeps. A contact is invited for their own client alone.
"""

from typing import ClassVar

import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


ALIKE = """
CREATE FUNCTION accounts_lead_follows_client() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    day date := coalesce(nullif(current_setting('soundings.on', true), '')::date, current_date);
    recorder bigint := nullif(current_setting('soundings.person', true), '')::bigint;
    why text := coalesce(current_setting('soundings.reason', true), '');
    handed bigint[];
BEGIN
    IF pg_trigger_depth() > 1 THEN
        RETURN NULL;
    END IF;
    IF TG_OP = 'INSERT' THEN
        INSERT INTO accounts_teammember (client_id, person_id, role, recorded_by_id)
        SELECT id, account_manager_id, 'lead', recorder FROM new_rows WHERE account_manager_id IS NOT NULL;
        RETURN NULL;
    END IF;
    handed := ARRAY(
        SELECT n.id FROM new_rows n JOIN old_rows o ON o.id = n.id
        WHERE o.account_manager_id IS DISTINCT FROM n.account_manager_id
    );
    IF cardinality(handed) = 0 THEN
        RETURN NULL;
    END IF;
    DELETE FROM accounts_teammember
    WHERE client_id = ANY (handed) AND role = 'lead' AND ended_on IS NULL AND started_on >= day;
    UPDATE accounts_teammember SET ended_on = day
    WHERE client_id = ANY (handed) AND role = 'lead' AND ended_on IS NULL;
    INSERT INTO accounts_teammember (client_id, person_id, role, started_on, reason, recorded_by_id)
    SELECT id, account_manager_id, 'lead', day, why, recorder FROM new_rows
    WHERE id = ANY (handed) AND account_manager_id IS NOT NULL;
    RETURN NULL;
END $$;

CREATE TRIGGER lead_follows_inserted AFTER INSERT ON accounts_client
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION accounts_lead_follows_client();
CREATE TRIGGER lead_follows_updated AFTER UPDATE ON accounts_client
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION accounts_lead_follows_client();
ALTER TABLE accounts_client ENABLE ALWAYS TRIGGER lead_follows_inserted;
ALTER TABLE accounts_client ENABLE ALWAYS TRIGGER lead_follows_updated;

CREATE FUNCTION accounts_client_follows_lead() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    touched bigint[];
BEGIN
    IF pg_trigger_depth() > 1 THEN
        RETURN NULL;
    END IF;
    IF TG_OP = 'INSERT' THEN
        touched := ARRAY(SELECT DISTINCT client_id FROM new_rows WHERE role = 'lead');
    ELSIF TG_OP = 'DELETE' THEN
        touched := ARRAY(SELECT DISTINCT client_id FROM old_rows WHERE role = 'lead');
    ELSE
        touched := ARRAY(
            SELECT client_id FROM new_rows WHERE role = 'lead'
            UNION SELECT client_id FROM old_rows WHERE role = 'lead'
        );
    END IF;
    IF cardinality(touched) = 0 THEN
        RETURN NULL;
    END IF;
    UPDATE accounts_client AS client SET account_manager_id = there.person_id
    FROM unnest(touched) AS one (id)
    LEFT JOIN accounts_teammember AS there
        ON there.client_id = one.id AND there.role = 'lead' AND there.ended_on IS NULL
    WHERE client.id = one.id AND client.account_manager_id IS DISTINCT FROM there.person_id;
    RETURN NULL;
END $$;

CREATE TRIGGER client_follows_inserted AFTER INSERT ON accounts_teammember
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION accounts_client_follows_lead();
CREATE TRIGGER client_follows_updated AFTER UPDATE ON accounts_teammember
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION accounts_client_follows_lead();
CREATE TRIGGER client_follows_deleted AFTER DELETE ON accounts_teammember
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION accounts_client_follows_lead();
ALTER TABLE accounts_teammember ENABLE ALWAYS TRIGGER client_follows_inserted;
ALTER TABLE accounts_teammember ENABLE ALWAYS TRIGGER client_follows_updated;
ALTER TABLE accounts_teammember ENABLE ALWAYS TRIGGER client_follows_deleted;

INSERT INTO accounts_teammember (client_id, person_id, role)
SELECT id, account_manager_id, 'lead' FROM accounts_client WHERE account_manager_id IS NOT NULL;
"""
NOT_ALIKE = """
DROP TRIGGER lead_follows_inserted ON accounts_client;
DROP TRIGGER lead_follows_updated ON accounts_client;
DROP TRIGGER client_follows_inserted ON accounts_teammember;
DROP TRIGGER client_follows_updated ON accounts_teammember;
DROP TRIGGER client_follows_deleted ON accounts_teammember;
DROP FUNCTION accounts_lead_follows_client(), accounts_client_follows_lead();
"""

SECOND_FACTOR = """
CREATE FUNCTION accounts_second_factor_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE accounts_person AS person SET has_second_factor = NOT person.has_second_factor
    WHERE person.id IN (OLD.user_id, NEW.user_id) AND person.has_second_factor <> EXISTS (
        SELECT FROM mfa_authenticator AS kept
        WHERE kept.user_id = person.id AND kept.type IN ('totp', 'webauthn')
    );
    RETURN NULL;
END $$;
CREATE TRIGGER second_factor_follows AFTER INSERT OR UPDATE OF user_id, type OR DELETE ON mfa_authenticator
    FOR EACH ROW EXECUTE FUNCTION accounts_second_factor_follows();
ALTER TABLE mfa_authenticator ENABLE ALWAYS TRIGGER second_factor_follows;
"""
NO_SECOND_FACTOR = """
DROP TRIGGER second_factor_follows ON mfa_authenticator;
DROP FUNCTION accounts_second_factor_follows();
"""

# Both at once, so that a contact can't be invited for another client.
OF_THE_CLIENT = """
ALTER TABLE accounts_invitation ADD CONSTRAINT invitation_of_the_contacts_client
    FOREIGN KEY (contact_id, client_id) REFERENCES accounts_contact (id, client_id) DEFERRABLE INITIALLY DEFERRED;
"""
NOT_OF_THE_CLIENT = "ALTER TABLE accounts_invitation DROP CONSTRAINT invitation_of_the_contacts_client"

# The app reads and writes both; a client's people neither, unless a later migration says so.
WALL = """
ALTER TABLE accounts_teammember ENABLE ROW LEVEL SECURITY;
CREATE POLICY app ON accounts_teammember TO soundings_app USING (true) WITH CHECK (true);
ALTER TABLE accounts_invitation ENABLE ROW LEVEL SECURITY;
CREATE POLICY app ON accounts_invitation TO soundings_app USING (true) WITH CHECK (true);
"""
WALL_BACK = """
DROP POLICY app ON accounts_invitation;
ALTER TABLE accounts_invitation DISABLE ROW LEVEL SECURITY;
DROP POLICY app ON accounts_teammember;
ALTER TABLE accounts_teammember DISABLE ROW LEVEL SECURITY;
"""

THE_ONE = "INSERT INTO accounts_agency (id) VALUES (1)"
NOT_THE_ONE = "DELETE FROM accounts_agency"


class Migration(migrations.Migration):
    """Tables, and the triggers that keep what is said twice alike."""

    dependencies: ClassVar = [
        ("accounts", "0010_portal_talk"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Agency",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(blank=True, db_default="", default="", max_length=200, verbose_name="name")),
                ("logo", models.BinaryField(blank=True, null=True, verbose_name="logo")),
                (
                    "managers_read",
                    models.CharField(
                        choices=[("all", "All accounts"), ("own", "The accounts whose team they are on")],
                        db_default="all",
                        default="all",
                        max_length=10,
                        verbose_name="account managers read",
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[("en", "English"), ("fr", "Français"), ("de", "Deutsch")],
                        db_default="en",
                        default="en",
                        max_length=2,
                        verbose_name="language",
                    ),
                ),
            ],
            options={
                "verbose_name": "agency",
                "verbose_name_plural": "agency",
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("token_hash", models.BinaryField(max_length=32, unique=True)),
                ("email", models.EmailField(max_length=254, verbose_name="e-mail")),
                ("name", models.CharField(blank=True, max_length=200, verbose_name="name")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("admin", "Admin"),
                            ("leadership", "Leadership"),
                            ("account_manager", "Account manager"),
                            ("contact", "Client contact"),
                        ],
                        max_length=20,
                        verbose_name="role",
                    ),
                ),
                ("invited_at", models.DateTimeField(verbose_name="invited")),
                ("expires_at", models.DateTimeField(verbose_name="expires")),
                ("accepted_at", models.DateTimeField(blank=True, null=True, verbose_name="accepted")),
                ("revoked_at", models.DateTimeField(blank=True, null=True, verbose_name="taken back")),
            ],
            options={
                "verbose_name": "invitation",
                "verbose_name_plural": "invitations",
                "ordering": ("-invited_at", "-id"),
            },
        ),
        migrations.CreateModel(
            name="TeamMember",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("lead", "Lead"),
                            ("support", "Support"),
                            ("sponsor", "Sponsor"),
                            ("growth", "Growth"),
                        ],
                        max_length=20,
                        verbose_name="role",
                    ),
                ),
                ("started_on", models.DateField(blank=True, null=True, verbose_name="from")),
                ("ended_on", models.DateField(blank=True, null=True, verbose_name="until")),
                (
                    "reason",
                    models.CharField(blank=True, db_default="", default="", max_length=500, verbose_name="reason"),
                ),
            ],
            options={
                "verbose_name": "team member",
                "verbose_name_plural": "team members",
                "ordering": ("client_id", "id"),
            },
        ),
        migrations.AddField(
            model_name="person",
            name="has_second_factor",
            field=models.BooleanField(db_default=False, default=False, editable=False, verbose_name="second factor"),
        ),
        migrations.AddField(
            model_name="person",
            name="left_on",
            field=models.DateField(blank=True, editable=False, null=True, verbose_name="left on"),
        ),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.CheckConstraint(
                condition=models.Q(("left_on", None), ("is_active", False), _connector="OR"),
                name="person_who_left_may_not_sign_in",
            ),
        ),
        migrations.AddConstraint(
            model_name="agency",
            constraint=models.CheckConstraint(condition=models.Q(("id", 1)), name="agency_is_one"),
        ),
        migrations.AddConstraint(
            model_name="agency",
            constraint=models.CheckConstraint(
                condition=models.Q(("managers_read__in", ["all", "own"])), name="agency_managers_read"
            ),
        ),
        migrations.AddConstraint(
            model_name="agency",
            constraint=models.CheckConstraint(
                condition=models.Q(("language__in", ["en", "fr", "de"])), name="agency_language"
            ),
        ),
        migrations.AddField(
            model_name="invitation",
            name="client",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="invitations",
                to="accounts.client",
            ),
        ),
        migrations.AddField(
            model_name="invitation",
            name="contact",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="invitations",
                to="accounts.contact",
            ),
        ),
        migrations.AddField(
            model_name="invitation",
            name="invited_by",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="invitation",
            name="person",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="invitations",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="teammember",
            name="client",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="team", to="accounts.client"
            ),
        ),
        migrations.AddField(
            model_name="teammember",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="teams", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="teammember",
            name="recorded_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("accepted_at", None), ("revoked_at", None)),
                fields=("email",),
                name="invitation_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(("email", django.db.models.functions.text.Lower("email"))),
                name="invitation_email_lower_case",
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("client__isnull", False), ("contact__isnull", False), ("role", "contact")),
                    models.Q(
                        ("client", None), ("contact", None), ("role__in", ["admin", "leadership", "account_manager"])
                    ),
                    _connector="OR",
                ),
                name="invitation_of_a_contact_or_a_colleague",
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(("accepted_at", None), ("revoked_at", None), _connector="OR"),
                name="invitation_accepted_or_revoked",
            ),
        ),
        migrations.AddConstraint(
            model_name="teammember",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_on", None)), fields=("client", "person", "role"), name="team_member_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="teammember",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_on", None), ("role", "lead")), fields=("client",), name="team_one_lead"
            ),
        ),
        migrations.AddConstraint(
            model_name="teammember",
            constraint=models.CheckConstraint(
                condition=models.Q(("role__in", ["lead", "support", "sponsor", "growth"])), name="team_member_role"
            ),
        ),
        migrations.AddConstraint(
            model_name="teammember",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ended_on", None), ("started_on", None), ("ended_on__gt", models.F("started_on")), _connector="OR"
                ),
                name="team_member_ends_after_it_starts",
            ),
        ),
        migrations.RunSQL(ALIKE, NOT_ALIKE),
        migrations.RunSQL(SECOND_FACTOR, NO_SECOND_FACTOR),
        migrations.RunSQL(OF_THE_CLIENT, NOT_OF_THE_CLIENT),
        migrations.RunSQL(THE_ONE, NOT_THE_ONE),
        migrations.RunSQL(WALL, WALL_BACK),
    ]
