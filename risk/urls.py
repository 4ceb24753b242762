from django.urls import path

from risk.views import assess, review, victim

app_name = "risk"
urlpatterns = [
    path("assessments/<str:reference>/", assess.assess, name="assess"),
    path("assessments/<str:reference>/keep/", assess.keep, name="keep"),
    path("assessments/<str:reference>/submit/", assess.submit, name="submit"),
    path("reviews/", review.reviews, name="reviews"),
    path("reviews/<str:reference>/", review.review, name="review"),
    path("victims/<str:reference>/risk/", victim.of_victim, name="of_victim"),
]
