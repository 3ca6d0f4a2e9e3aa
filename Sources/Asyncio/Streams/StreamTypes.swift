import Timebase

// Firmware finds what streams are made of beside the streams that wait for it.
public typealias PollEvents = Timebase.PollEvents
public typealias Pollable = Timebase.Pollable
public typealias ByteStream = Timebase.ByteStream
