from django.urls import path

from infotrust.portal import say, views

app_name = "portal"
urlpatterns = [
    path("", views.home, name="home"),
    path("shared/", views.shared, name="shared"),
    path("shared/<str:code>/", views.agreement, name="agreement"),
    path("data/", views.datasets, name="datasets"),
    path("data/<slug:code>/", views.dataset, name="dataset"),
    path("answers/", views.answers, name="answers"),
    path("answers/<slug:slug>/", views.answer, name="answer"),
    path("answers/<slug:slug>.csv", views.answer_csv, name="answer_csv"),
    path("answers/<slug:slug>.json", views.answer_json, name="answer_json"),
    path("laws/", views.laws, name="laws"),
    path("decisions/", say.decisions, name="decisions"),
    path("decisions/<slug:label>/", say.decision, name="decision"),
    path("decisions/<slug:label>/comment/", say.find_comment, name="find_comment"),
    path("decisions/<slug:label>/comments/<slug:receipt>/", say.comment, name="comment"),
    path("boards/<slug:code>/", say.board, name="board"),
    path("minutes/<int:number>/", say.minutes, name="minutes"),
    path("minutes/<int:number>/minutes.docx", say.minutes_file, {"kind": "docx"}, name="minutes_docx"),
    path("minutes/<int:number>/minutes.pdf", say.minutes_file, {"kind": "pdf"}, name="minutes_pdf"),
    path("queue/", views.requests, name="requests"),
    path("log/", views.log, name="log"),
    path("matching/", views.matching, name="matching"),
    path("data.json", views.data_json, name="data_json"),
]
