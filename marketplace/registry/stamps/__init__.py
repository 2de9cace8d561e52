"""The signed stamp in a label's QR code: whoever has our public key can tell a label of ours from a forged one."""
