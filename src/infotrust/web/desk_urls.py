"""The desk: what signed-in people see first, and the administrators' pages."""

from django.urls import path

from infotrust.web import desk_views, people_views

app_name = "desk"
urlpatterns = [
    path("", desk_views.home, name="home"),
    path("account/", desk_views.account, name="account"),
    path("account/code/", desk_views.send_code, name="send-code"),
    path("audit/", desk_views.audit_log, name="audit"),
    path("audit/verify/", desk_views.verify_log, name="verify"),
    path("audit/export/", desk_views.export_log, name="export"),
    path("people/", people_views.people, name="people"),
    path("people/add/", people_views.add_person, name="add-person"),
    path("people/<int:number>/", people_views.person, name="person"),
    path("people/agencies/add/", people_views.add_agency, name="add-agency"),
]
