from django.urls import path

from infotrust.stages.governance import board_views, meeting_views, views

app_name = "governance"
urlpatterns = [
    path("", views.index, name="index"),
    path("boards/new/", board_views.found, name="found"),
    path("boards/<slug:code>/", board_views.board, name="board"),
    path("boards/<slug:code>/charter/", board_views.charter, name="charter"),
    path("boards/<slug:code>/seats/add/", board_views.add_seat, name="add_seat"),
    path("boards/<slug:code>/meetings/call/", meeting_views.call, name="call"),
    path("meetings/<int:number>/", meeting_views.meeting, name="meeting"),
    path("meetings/<int:number>/change/", meeting_views.change, name="meeting_change"),
    *(
        path(f"meetings/<int:number>/{name}/", meeting_views.step, {"name": name}, name=f"meeting_{name}")
        for name in meeting_views.STEPS
    ),
    path("meetings/<int:number>/minutes.docx", meeting_views.download, {"kind": "docx"}, name="minutes_docx"),
    path("meetings/<int:number>/minutes.pdf", meeting_views.download, {"kind": "pdf"}, name="minutes_pdf"),
    path("motions/<int:number>/record-vote/", meeting_views.record_vote, name="record_vote"),
    path("seats/<int:number>/fill/", board_views.fill, name="fill"),
    path("seats/<int:number>/abolish/", board_views.abolish, name="abolish"),
    path("terms/<int:number>/end/", board_views.end_term, name="end_term"),
    path("terms/<int:number>/delegate/", board_views.delegate, name="delegate"),
    path("terms/<int:number>/delegate/end/", board_views.end_delegation, name="end_delegation"),
    path("terms/<int:number>/interest/", board_views.interest, name="interest"),
    path("motions/new/", views.new, name="new"),
    path("motions/<int:number>/", views.motion, name="motion"),
    path("motions/<int:number>/comments/", views.comments, name="comments"),
    path("motions/<int:number>/comments/<int:comment>/", views.look, name="look"),
    path("motions/<int:number>/<slug:slug>/", views.act, name="act"),
    path("four-questions/<str:subject>/", views.four_questions, name="four_questions"),
]
