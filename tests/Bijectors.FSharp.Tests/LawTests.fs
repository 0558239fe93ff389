module Bijectors.FSharp.Tests.LawTests

open FsCheck.FSharp
open FsCheck.Xunit
open Xunit
open TorchSharp
open Bijectors
open Bijectors.FSharp
open Bijectors.Testing
open Bijectors.Testing.FsCheck
open type Bijectors.FSharp.Steps

/// y = sinh x, by hand: F# has no source generators, so it writes all four maps; the laws compare them with autograd.
type Sinh() =
    inherit Bijector()

    // log cosh x, which overflows nowhere.
    let logCosh (x: torch.Tensor) =
        let size = x.abs ()
        size + (-2.0.ToScalar() * size).exp().log1p () - (log 2.0).ToScalar()

    override _.EventRank = 0
    override _.ForwardCore(x, _) = x.sinh ()
    override _.InverseCore(y, _) = y.asinh ()

    override _.ForwardWithLogDetCore(x, _, eventRank) =
        Scope.results (fun () -> struct (x.sinh (), LogDets.Sum(logCosh x, x, eventRank)))

    override _.InverseWithLogDetCore(y, _, eventRank) =
        Scope.results (fun () ->
            let x = y.asinh ()
            struct (x, LogDets.Sum(-(logCosh x), y, eventRank)))

[<Fact>]
let ``A bijector of one's own keeps the laws`` () =
    BijectorLaws.Check((fun () -> new Sinh() :> Bijector))

[<Property(Arbitrary = [| typeof<BijectorArbitraries> |], MaxTest = 5, Replay = "17,1")>]
let ``Random flows keep the laws`` (flow: RandomFlow) = BijectorLaws.Check(flow.Case(seed = 0))

[<Fact>]
let ``Points come back`` () =
    use bijector = (Flow.On(Shape.Vector 3) |> linear () |> affineCoupling 8).ToBijector()

    Prop.forAll (Arbitraries.Points(bijector.Domain, Shape.Vector 3)) (fun point ->
        use scope = torch.NewDisposeScope()
        let x = point.ToTensor torch.ScalarType.Float32
        let back = bijector.Inverse(bijector.Forward x)
        torch.allclose (back, x, rtol = 1e-3, atol = 1e-3))
    |> FsCheck.Check.QuickThrowOnFailure
