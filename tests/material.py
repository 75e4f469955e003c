"""What a briefing is filled from, made anew from another without working everything out again."""

# what takes long to work out, and the tables of the ledger that it is made from
MADE_FROM = {
    "measured": (),
    "stands": ("projects", "issues"),
    "ahead": ("projects", "issues", "tasks", "minutes", "notices", "pipeline"),
    "unit_targets": ("projects", "issues", "targets"),
}


def sharing(material, made):
    """Give what is made of a material all that rests on what the two have in common."""
    for name, tables in MADE_FROM.items():
        has_same_tables = all(made.ledger.get(one) is material.ledger.get(one) for one in tables)
        if has_same_tables and (name != "measured" or made.page is material.page):
            vars(made)[name] = getattr(material, name)
    return made
