from django.urls import path

from infotrust.stages.linkage import explain_views, review_views, views

app_name = "linkage"
urlpatterns = [
    path("", views.index, name="index"),
    path("start/", views.start, name="start"),
    path("<int:number>/", views.run, name="run"),
    path("<int:number>/diagnostics/", views.diagnostics, name="diagnostics"),
    path("<int:number>/accuracy/", review_views.accuracy, name="accuracy"),
    path("<int:number>/accuracy/publish/", review_views.publish_error, name="publish_error"),
    path("<int:number>/accuracy/withdraw/", review_views.withdraw_error, name="withdraw_error"),
    path("explain/", explain_views.index, name="explain"),
    path("explain/person/<str:person_id>/", explain_views.person, name="explain_person"),
    path("explain/person/<str:person_id>/relations/", explain_views.relations, name="relations"),
    path(
        "explain/<slug:one_dataset>/<str:one_record>/<slug:other_dataset>/<str:other_record>/",
        explain_views.pair,
        name="explain_pair",
    ),
    path(
        "explain/<slug:one_dataset>/<str:one_record>/<slug:other_dataset>/<str:other_record>/open/",
        explain_views.open_pair,
        name="open_pair",
    ),
    path("review/", review_views.desk, name="review"),
    path("review/take/", review_views.take, name="take_pair"),
    path("review/leave/", review_views.leave, name="leave_pair"),
    path("review/undo/", review_views.take_back_last, name="undo"),
    path("review/answers/", review_views.own_answers, name="own_answers"),
    path("review/answers/<int:number>/take-back/", review_views.take_back, name="take_back"),
    path("review/<int:number>/", review_views.pair, name="pair"),
    path("review/<int:number>/answer/", review_views.answer, name="answer_pair"),
]
