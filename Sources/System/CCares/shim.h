#pragma once
#include <sys/types.h>
#include <netdb.h>
#include <arpa/nameser.h>
#include <ares.h>
