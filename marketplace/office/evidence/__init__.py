"""What a producer can prove at re-evaluation: sales, places reached, growth, the story page; dated."""
