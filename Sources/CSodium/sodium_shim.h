// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

#include <sodium.h>
