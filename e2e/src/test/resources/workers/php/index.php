<?php
// Says which process it is, what it was asked and what it was sent.
if (isset($_GET['wait'])) {
    usleep(1000 * (int) $_GET['wait']);
}
header('Content-Type: text/plain');
$body = file_get_contents('php://input');
echo 'php ', getmypid(), ' ', $_GET['n'] ?? '', ' ', strlen($body), ' ', md5($body), "\n";
