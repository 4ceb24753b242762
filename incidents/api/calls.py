from django.urls import URLPattern

call_urls: list[URLPattern] = []
