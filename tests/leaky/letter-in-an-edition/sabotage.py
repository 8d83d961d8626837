from members_portal.publish.issue import portal_pdfs


def misplace(_bureau, _mailings, tree, _previous):
    file = tree / "editions/member/newsletters/letter-one/letter-one.pdf"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"%PDF-1.7 Dear Herr Ekdahl")


portal_pdfs.write_letters = misplace
