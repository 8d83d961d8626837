from members_portal.publish import stages


def misplace(_bureau, _mailings, tree, _previous):
    file = tree / "editions/member/newsletters/letter-one/letter-one.pdf"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"%PDF-1.7 Dear Herr Ekdahl")
    return []


stages.write_letters = misplace
