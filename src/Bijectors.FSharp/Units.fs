namespace Bijectors.FSharp

/// A natural unit of information: what log-densities and log-determinants are in.
[<Measure>]
type nat

/// A binary unit of information, log 2 nats.
[<Measure>]
type bit

/// One number of an event.
[<Measure>]
type dim

/// Units of information.
module Units =

    /// log 2 nats are one bit.
    let natsPerBit = log 2.0 * 1.0<nat / bit>

    /// Nats in bits.
    let toBits (nats: float<nat>) : float<bit> = nats / natsPerBit

    /// Bits in nats.
    let toNats (bits: float<bit>) : float<nat> = bits * natsPerBit
