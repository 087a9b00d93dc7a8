"""The campaign's table, by area, and the list of those that lived."""
import areas
import equivalents
import killers


def rows(campaign):
    """(area, planted, killed, equivalent, alive, share of the non-equivalent killed in percent), and the survivors."""
    reasons, why_alive = equivalents.read(), equivalents.survivors()
    table, alive = [], []
    for area in areas.AREAS:
        mine = [s for s in campaign.slips if s.area == area and s.number in campaign.verdicts]
        if not mine:
            continue
        killed = [s for s in mine if campaign.verdicts[s.number]["killer"]]
        same = [s for s in mine if s not in killed and s.site.name in reasons]
        left = [s for s in mine if s not in killed and s not in same]
        counted = len(killed) + len(left)
        table.append((area, len(mine), len(killed), len(same), len(left),
                      f"{100 * len(killed) / counted:.1f}" if counted else "-"))
        alive += [(s, why_alive.get(s.site.name, campaign.verdicts[s.number]["how"]), reasons.get(s.site.name))
                  for s in mine if s not in killed]
    return table, alive


def holds(campaign, least=95):
    """Every slip was judged, and of those that are not equivalent enough were killed in every area."""
    table, _ = rows(campaign)
    judged = all(slip.number in campaign.verdicts for slip in campaign.slips)
    return bool(table) and judged and all(row[5] == "-" or float(row[5]) >= least for row in table)


def finders(campaign):
    """{area: {class of tests: slips that it found first}}"""
    found = {area: dict.fromkeys((name for name, _ in killers.CLASSES), 0) for area in areas.AREAS}
    for slip in campaign.slips:
        verdict = campaign.verdicts.get(slip.number, {})
        if verdict.get("killer"):
            found[slip.area][verdict["kind"]] += 1
    return found


def text(campaign, command, commit, date, note=""):
    table, alive = rows(campaign)
    found = finders(campaign)
    classes = [name for name, _ in killers.CLASSES]
    unjudged = sum(slip.number not in campaign.verdicts for slip in campaign.slips)
    unasked = sum(bool(campaign.todo(slip, float("inf"))) for slip in campaign.slips)
    lines = ["# Slips planted by scripts/mutation, and what found them",
             f"`{command}` at commit {commit}, seed {campaign.seed}, {date}. A slip is given to the tests that reach it, the cheapest "
             "first, until one finds it: the classes say which was the first."
             + (f" {note}" if note else "")
             + (f" {unjudged} of {len(campaign.slips)} slips have not been judged." if unjudged else "")
             + (f" {unasked} that live have not been given to every test yet." if unasked else ""), "",
             f"| area | planted | killed | by {' | by '.join(classes)} | equivalent | alive | killed of the others, % |",
             "|---|" + "---|" * (len(classes) + 5)]
    for area, planted, killed, same, left, share in table:
        by = " | ".join(str(found[area][name]) for name in classes)
        lines.append(f"| {area} | {planted} | {killed} | {by} | {same} | {left} | {share} |")
    named = {}
    for verdict in campaign.verdicts.values():
        if verdict["killer"]:
            named[verdict["killer"]] = named.get(verdict["killer"], 0) + 1
    lines += ["", "| found by | slips |", "|---|---|"]
    lines += [f"| {name} | {count} |" for name, count in sorted(named.items(), key=lambda pair: (-pair[1], pair[0]))]
    lines += ["", "| alive | where | what | why |", "|---|---|---|---|"]
    for slip, how, reason in alive:
        what = slip.site.words().replace("|", "\\|")
        lines.append(f"| {slip.site.name} | {slip.site.file} {slip.site.function}() | {slip.site.kind}: `{what[:160]}` | "
                     f"{'equivalent: ' + reason if reason else how} |")
    return "\n".join(lines) + "\n"
