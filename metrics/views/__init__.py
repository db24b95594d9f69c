"""What answers a request: a file a page, named as its query, form and template are."""
