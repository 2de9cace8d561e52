"""The pages that the law asks of a marketplace: every version kept, the newest in force shown."""
