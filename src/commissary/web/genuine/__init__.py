"""The page behind the QR code on a card: is it genuine?"""
