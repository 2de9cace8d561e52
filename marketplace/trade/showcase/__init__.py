"""Showcase points: places where OCOP goods are shown and sold, as Decision 950/QĐ-BCT of 18 April 2023 names them."""
