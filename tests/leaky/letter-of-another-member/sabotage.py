from members_portal.publish import stages


def misplace(_bureau, _mailings, tree, _previous):
    file = tree / "members/L-101/letters/letter-one.pdf"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"%PDF-1.7 Dear Mme d'Argenteuil-Maspero")
    return []


stages.write_letters = misplace
