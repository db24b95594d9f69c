"""What readers ask of pages, taken from the address: a file a page, named as its query, view and template are."""
