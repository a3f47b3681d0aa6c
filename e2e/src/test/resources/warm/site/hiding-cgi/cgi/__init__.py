NAME = "the script's own cgi, a package"
