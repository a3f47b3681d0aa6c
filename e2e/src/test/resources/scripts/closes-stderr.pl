#!/usr/bin/perl
# Closes stderr first and answers then.
close STDERR;
print "Content-Type: text/plain\n\nno stderr\n";
