// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
