<?php
usleep(50000);
header('Content-Type: text/plain');
echo "Hello from a persistent application.\n";
