#!/usr/bin/perl
# Counts its requests, with Perl's FCGI.
use strict;
use warnings;
use FCGI;

my $count = 0;
my %environment;
my $request = FCGI::Request(\*STDIN, \*STDOUT, \*STDERR, \%environment);
while ($request->Accept() >= 0) {
    $count++;
    my $length = 0;
    $length += length while defined($_ = <STDIN>);
    my $path = $environment{PATH_INFO} // '';
    print "Content-Type: text/plain\r\n\r\ncounter $$ $count length $length path $path script $environment{SCRIPT_NAME}\n";
}
