"""Understanding job titles: from a line of free text to a label per facet, with a reason.

spelling    one spelling for what people write in a hundred ways
lexicon     what words mean: functions and ranks, in many languages
analysis    a batch of titles as arrays: tokens, positions, matches
evidence    which function and which rank a title speaks of
taxonomy    facets and labels
linear      a linear model over words, word pairs and character n-grams
verdicts    who decides: person, rule, model
"""
