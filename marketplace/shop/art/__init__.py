"""Woodblock drawings where there is no photograph: one hand, flat pigments, a charcoal key line.

`rules` answers a drawing for a product set and a seed; `ink` is the hand, `sheet` the paper and what stands behind,
`goods_*` and `brocade` the things, `scenes` the two large pictures, `views` serves them. All but `views` is pure and
gives the same bytes for the same question.
"""
