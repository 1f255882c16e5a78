"""Marigold County, from five agencies' datasets to public pages, by the same services as the web pages.

Nothing here is a shortcut: each step acts as a person with the role for it, and would be refused like anyone else.
"""
