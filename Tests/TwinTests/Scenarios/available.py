import primitives
import threadsafe

primitives.Queue
threadsafe.Message
