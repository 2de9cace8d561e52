"""The producer's document vault: papers with their files and days, given once, used wherever they are asked for."""
