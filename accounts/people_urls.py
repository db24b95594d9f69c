"""People: who comes in, teams, the agency itself, and one's own account."""

from django.urls import path

from accounts.views import agency, invitations, people, teams, you

OF_CLIENT = "accounts/<external_id:external_id>"
CONTACT = f"{OF_CLIENT}/contacts/<external_id:record_id>"

urlpatterns = [
    path("people/", people.people, name="people"),
    path("people/invite/", people.invite, name="invite"),
    path("people/invitations/<int:pk>/revocation/", people.revocation, name="invitation_revocation"),
    path("people/invitations/<int:pk>/link/", people.another_link, name="invitation_link"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/role/", people.role, name="person_role"),
    path("people/<int:pk>/departure/", people.departure, name="person_departure"),
    path("people/<int:pk>/return/", people.comeback, name="person_return"),
    path("people/<int:pk>/second-factor/removal/", people.factor_removal, name="person_factor_removal"),
    path("people/<int:pk>/sessions/end/", people.sessions_end, name="person_sessions_end"),
    path("invitation/<slug:token>/", invitations.invitation, name="invitation"),
    path(f"{CONTACT}/access/", invitations.contact_access, name="contact_access"),
    path(f"{CONTACT}/invitation/", invitations.contact_invitation, name="contact_invitation"),
    path(f"{CONTACT}/access/end/", invitations.contact_access_end, name="contact_access_end"),
    path(f"{OF_CLIENT}/team/", teams.team, name="team"),
    path(f"{OF_CLIENT}/team/joining/", teams.team_joining, name="team_joining"),
    path(f"{OF_CLIENT}/team/<int:pk>/leaving/", teams.team_leaving, name="team_leaving"),
    path(f"{OF_CLIENT}/team/handover/", teams.handover, name="handover"),
    path("agency/", agency.agency, name="agency"),
    path("agency/logo.png", agency.agency_logo, name="agency_logo"),
    path("you/", you.you, name="you"),
    path("you/name/", you.name, name="you_name"),
    path("you/password/", you.password, name="you_password"),
    path("you/sessions/<int:pk>/end/", you.session_end, name="session_end"),
    path("you/sessions/others/end/", you.other_sessions_end, name="other_sessions_end"),
]
