import Glibc

func wait(milliseconds: UInt32) { usleep(milliseconds * 1000) }
