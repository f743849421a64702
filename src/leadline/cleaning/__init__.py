"""Steps that tidy leads before anything is decided: test and internal addresses are filtered here."""
