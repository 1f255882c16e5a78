from django.urls import path

from infotrust.stages.readiness import guide_views, views

app_name = "readiness"
urlpatterns = [
    path("", views.partnership_list, name="list"),
    path("new/", views.new, name="new"),
    path("barriers/", views.barriers, name="barriers"),
    path("<int:number>/", views.partnership, name="partnership"),
    path("<int:number>/change/", views.change, name="change"),
    path("<int:number>/partners/add/", views.add_partner, name="add-partner"),
    path("<int:number>/people/", views.people, name="people"),
    path("<int:number>/people/<int:person>/<slug:act>/", views.person, name="person"),
    path("<int:number>/facilitator/", views.facilitator, name="facilitator"),
    path("<int:number>/steps/<slug:key>/", views.activity, name="activity"),
    path("<int:number>/close/", views.close, name="close"),
    path("<int:number>/again/<slug:act>/", views.again, name="again"),
    path("<int:number>/tasks/", views.tasks, name="tasks"),
    path("<int:number>/tasks/<int:task>/", views.task, name="task"),
    path("<int:number>/guide/", guide_views.guide, name="guide"),
    path("<int:number>/guide/<int:round>/", guide_views.earlier, name="earlier"),
    path("<int:number>/guide/sheet/", guide_views.sheet, name="sheet"),
    path("<int:number>/guide/meeting/", guide_views.meeting, name="meeting"),
    path("<int:number>/guide/together/", guide_views.together, name="together"),
    path("<int:number>/guide/barriers/<int:barrier>/", guide_views.barrier, name="barrier"),
    path("<int:number>/guide/conclude/", guide_views.conclude, name="conclude"),
    path("<int:number>/guide/do/<slug:act>/", guide_views.act, name="act"),
]
