from django.urls import URLPattern

response_urls: list[URLPattern] = []
