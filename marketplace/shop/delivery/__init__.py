"""What sending a weight from province to province costs and takes; where buyers may fetch it instead."""
