from rest_framework.pagination import CursorPagination


class NewestFirst(CursorPagination):
    """Cursor pages: stable while rows arrive, and as fast on page 1,000 as on page 1."""

    ordering = "-pk"
    page_size_query_param = "page_size"
    max_page_size = 200
