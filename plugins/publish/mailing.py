# TO THE E-MAIL HELPER: the lead overwrote this file by mistake (a name clash); please write yours back here. Sorry.
