#!/usr/bin/perl
# The smallest answer, in Perl, with CRLF.
print "Content-Type: text/plain\r\n\r\nhello from perl\n";
