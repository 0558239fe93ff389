module Bijectors.FSharp.Tests.FlowTests

open System
open Xunit
open TorchSharp
open Bijectors
open Bijectors.FSharp
open type Bijectors.FSharp.Steps

let private normal () = Flow.On(Shape.Vector 3) |> reverse () |> into Distribution.StandardNormal

[<Fact>]
let ``The mean log-density of the origin is that of a normal distribution, in nats`` () =
    use flow = normal ()
    use origin = torch.zeros (5L, 3L)
    let expected: float<nat> = -1.5 * log (2.0 * Math.PI) * 1.0<nat>
    Assert.Equal(float expected, float (flow |> Flow.meanLogProb origin), 6)

[<Fact>]
let ``Bits per dimension are those of C#`` () =
    use flow =
        Flow.On(Shape.Image(1, 2, 2))
        |> dequantize 4
        |> logit ()
        |> into Distribution.StandardNormal

    use x = torch.ones (3L, 1L, 2L, 2L)
    use bits = flow.BitsPerDimension x
    use mean = bits.mean ()
    Assert.Equal(mean.item<float32> (), float32 (flow |> Flow.meanBitsPerDimension x))

[<Fact>]
let ``A seed gives the same samples`` () =
    use flow = normal ()
    use first = flow |> Flow.sample 4L 7
    use again = flow |> Flow.sample 4L 7
    use other = flow |> Flow.sample 4L 8
    Assert.Equal<int64[]>([| 4L; 3L |], first.shape)
    Assert.True(first.equal(again).all().item<bool> ())
    Assert.False(first.equal(other).all().item<bool> ())

[<Fact>]
let ``A bit is log 2 nats`` () =
    Assert.Equal(log 2.0, float (Units.toNats 1.0<bit>), 15)
    Assert.Equal(1.0, float (Units.toBits (Units.toNats 1.0<bit>)), 15)
