"""The verifier for outsiders: one file, no import of this project. `python verify.py proof.json`"""
