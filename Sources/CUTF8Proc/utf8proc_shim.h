// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

#include <utf8proc.h>
