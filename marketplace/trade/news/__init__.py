"""What the office tells: articles, handbook pages, notices to those concerned, the newsletter."""
