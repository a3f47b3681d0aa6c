#!/usr/bin/perl
# Greets you in Perl, with nothing but the core.
use strict;
use warnings;

my %entity = ('&' => '&amp;', '<' => '&lt;', '>' => '&gt;', '"' => '&quot;');
my $agent = $ENV{HTTP_USER_AGENT} // 'somebody';
$agent =~ s/([&<>"])/$entity{$1}/g;

print "Content-Type: text/html; charset=utf-8\r\n\r\n";
print <<"PAGE";
<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Hello from Perl</title>
<body style="font:18px/1.6 system-ui,sans-serif;max-width:38rem;margin:3rem auto;padding:0 1rem">
<h1>Hello from Perl $^V</h1>
<p>You are using $agent.</p>
<p><a href="./">All examples</a></p>
PAGE
