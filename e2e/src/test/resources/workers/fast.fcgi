#!/usr/bin/perl
# A CGI script that was turned into a FastCGI application as its manual says: a loop around it.
use strict;
use warnings;
use CGI::Fast;

my $count = 0;
while (my $form = CGI::Fast->new) {
    $count++;
    my $name = $form->param('name') // '';
    print $form->header('text/plain'), "fast $$ $count name $name\n";
}
