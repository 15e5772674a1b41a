"""Addresses of questions and bright ideas: asking, the staff's queue, what the public reads."""

from django.urls import path

from sessions.views import ideas, my_voices, public_ideas, voices

urlpatterns = [
    path("me/ideas/", my_voices.mine, name="me_ideas"),
    path("me/ideas/new/", my_voices.new_idea, name="new_idea"),
    path("me/activities/<int:pk>/ask/", my_voices.ask, name="ask"),
    path("voices/", voices.queue, name="voices"),
    path("voices/judge/", voices.judge, name="judge_questions"),
    path("voices/ideas/judge/", ideas.judge, name="judge_ideas"),
    path("voices/ideas/<int:pk>/", ideas.show, name="voice_idea"),
    path("voices/ideas/<int:pk>/handle/", ideas.handle, name="handle_idea"),
    path("voices/ideas/<int:pk>/merge/", ideas.merge, name="merge_idea"),
    path("voices/ideas/<int:pk>/split/", ideas.split, name="split_idea"),
    path("voices/<int:pk>/", voices.hall, name="hall"),
    path("voices/<int:pk>/state/", voices.hall_state, name="hall_state"),
    path("voices/<int:pk>/idea/", ideas.enter, name="enter_idea"),
    path("voices/<int:pk>/write-down/", voices.write_down, name="write_down_question"),
    path("voices/<int:pk>/<int:question>/answer/", voices.answer, name="answer_question"),
    path("voices/<int:pk>/<int:question>/first/", voices.first, name="bring_forward"),
    path("jindianzi/", public_ideas.ideas, name="ideas"),
    path("jindianzi/<int:year>-<int:number>/", public_ideas.idea, name="idea"),
]
